"""The dashboard's pages about search: what shoppers search for, judgements and checks, each part with addresses and permissions of its own."""
