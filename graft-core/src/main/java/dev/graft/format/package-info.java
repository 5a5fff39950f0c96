/**
 * Files of models: safetensors, GGUF, and the folders and {@code config.json} of Hugging Face.
 *
 * <p>Readers map files into memory and copy nothing until a tensor is asked for. A file is never
 * trusted: what is wrong with one comes out as {@link dev.graft.InputException}. Files must not be
 * shortened by others while they are open (no reader of mapped files can survive that).
 */
package dev.graft.format;
