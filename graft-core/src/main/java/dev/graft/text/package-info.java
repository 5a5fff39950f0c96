/** Text to token ids and back: tokenizers of Hugging Face and of GGUF files. */
@org.jspecify.annotations.NullMarked
package dev.graft.text;
