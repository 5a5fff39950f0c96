package dev.graft.data.check;

/**
 * Something wrong with one row.
 *
 * @param example what was seen, for people; one line
 */
record Issue(CheckCode code, String example) {}
