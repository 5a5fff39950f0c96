package dev.graft.data.check;

import dev.graft.data.EncodedRow;
import dev.graft.data.Row;
import java.util.List;

/**
 * A row as checks see it.
 *
 * @param place where it stands
 * @param row what was read
 * @param texts its texts
 * @param encoded the row as the model sees it; of a preference first the chosen, then the rejected
 *     one; empty where it can't be encoded
 * @param issues what was already found to be wrong with it
 */
record CheckedRow(
    Place place, Row row, RowTexts texts, List<EncodedRow> encoded, List<Issue> issues) {}
