/** Generation, Graft beside llama.cpp. */
@org.jspecify.annotations.NullMarked
package dev.graft.bench.generate;
