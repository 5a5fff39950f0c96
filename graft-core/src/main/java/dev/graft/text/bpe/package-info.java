/** Training of byte-level byte-pair encodings. */
package dev.graft.text.bpe;
