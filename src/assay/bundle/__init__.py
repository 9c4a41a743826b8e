"""What a third person needs to rerun a finding and to contest it: pack, verify, contest."""
