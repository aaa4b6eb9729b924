"""What the site can do in a second, measured on the machine that it runs on. See docs/performance.md."""
