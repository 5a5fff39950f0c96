/** Texts that are the same, or nearly the same. */
package dev.graft.data.duplicates;
