"""The window: how the desk looks and is touched. The only package that imports PySide6 or pyqtgraph."""
