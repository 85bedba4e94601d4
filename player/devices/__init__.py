"""One adapter a library, and its only importer: decode, synth, SMF, audio out."""
