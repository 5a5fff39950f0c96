/** What a model sees of a data set: examples token by token, and figures about all of them. */
package dev.graft.data.view;
