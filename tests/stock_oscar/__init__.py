"""django-oscar as it comes, in a process of its own, under the attacks that its issue 4580 reports."""
