"""The words of the field: posts, accounts, shares, networks, findings. No input or output."""
