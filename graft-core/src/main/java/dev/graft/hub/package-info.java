/** Downloads models from a Hugging Face Hub into the standard cache. */
@org.jspecify.annotations.NullMarked
package dev.graft.hub;
