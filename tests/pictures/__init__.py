"""The README's pictures, drawn from the demo."""
