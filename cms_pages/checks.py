"""What `manage.py check` says about the documents."""
