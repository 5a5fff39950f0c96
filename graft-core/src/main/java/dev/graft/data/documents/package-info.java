/** Text as a stream of documents: for training tokenizers, and models from nothing. */
package dev.graft.data.documents;
