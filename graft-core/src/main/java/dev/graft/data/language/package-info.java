/** Guesses the language of a text. */
package dev.graft.data.language;
