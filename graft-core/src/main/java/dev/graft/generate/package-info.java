/** Text from a model: sampling and the loop around the key/value cache. */
package dev.graft.generate;
