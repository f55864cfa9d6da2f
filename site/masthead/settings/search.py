"""What is kept of what shoppers search for: docs/decisions/0012-searches-are-counted-without-people.md."""

# A query is shown in reports and completions once it was counted so often, on two days or more.
SEARCH_SHOWN_FROM = 5
# The days for which daily sums are kept.
SEARCH_KEPT_DAYS = 400
