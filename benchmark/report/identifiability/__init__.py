"""What can be known, as the report shows it: tables and figures from stored analyses and studies."""
