package dev.graft.data;

import java.nio.file.Path;
import java.util.Map;

/**
 * A row as its file holds it, before its shape is recognised.
 *
 * @param file the file it stands in
 * @param line its line, or its place among the rows where a format has no lines; counted from one
 * @param fields keys and JSON-like values: maps, lists, strings, numbers, booleans and null
 */
public record RawRow(Path file, long line, Map<?, ?> fields) {}
