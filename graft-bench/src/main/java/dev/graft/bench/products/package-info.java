/** What the machine's matrix products alone would allow. */
@org.jspecify.annotations.NullMarked
package dev.graft.bench.products;
