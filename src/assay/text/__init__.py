"""What several packages need from text: canonical links, normalisation, dates."""
