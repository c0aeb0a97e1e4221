"""An empty Textual app: nothing that Textual draws comes sooner than its first paint."""

from textual.app import App

if __name__ == "__main__":
    App[None]().run()
