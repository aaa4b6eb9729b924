"""What a person sends about a jam, checked for its shape, a module a subject. The verbs check what it means."""
