"""The pages of the jam app: the list, the form, the window."""
