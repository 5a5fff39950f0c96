/** Writes rows to files of data sets. */
package dev.graft.data.write;
