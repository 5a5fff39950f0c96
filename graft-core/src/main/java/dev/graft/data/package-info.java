/** From rows of a file to examples: token ids with the mask of what is to be learnt. */
package dev.graft.data;
