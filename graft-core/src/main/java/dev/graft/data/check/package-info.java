/** Finds mistakes in data before anything is trained on it: {@code graft data check}. */
package dev.graft.data.check;
