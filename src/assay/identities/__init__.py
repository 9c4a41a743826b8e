"""The register of protected identities: read, check, compile, and find who resembles them."""
