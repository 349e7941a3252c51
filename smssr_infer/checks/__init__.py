"""Looking at an installation: is it right (`doctor`), and how fast is it (`bench`). Imported by nothing but their two commands."""
