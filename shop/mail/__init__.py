"""Mail to customers: written down with its cause, sent by the worker, kept so that staff can look."""
