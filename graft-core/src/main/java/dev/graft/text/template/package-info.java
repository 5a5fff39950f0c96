/** The Jinja templates that models carry to turn a conversation into text. */
package dev.graft.text.template;
