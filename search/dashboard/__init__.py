"""The dashboard's pages about search: judgements and checks, each part with addresses and permissions of its own."""
