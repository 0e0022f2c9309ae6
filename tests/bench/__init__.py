"""The goals of speed, measured side by side in one run: `./kelisim bench`."""
