/**
 * The commands' work, put together from the other packages: open a model, train, evaluate,
 * generate.
 */
package dev.graft.run;
