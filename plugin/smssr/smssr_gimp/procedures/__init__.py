"""The entries of Filters ▸ Super-Resolution: each file says what its procedure takes (`declare`) and does (`run`); dialogs lie beside them.

Gtk is imported by the dialogs alone, when one is opened.
"""
