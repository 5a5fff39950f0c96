/** Reads the files of data sets row by row. */
package dev.graft.data.read;
