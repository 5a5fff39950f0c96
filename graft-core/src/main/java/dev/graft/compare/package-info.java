/** Strategies on one task against each other: cells, results with intervals, verdict. */
package dev.graft.compare;
