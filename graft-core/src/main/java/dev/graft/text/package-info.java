/** From conversations to text: chat templates and what of the text is learnt. */
package dev.graft.text;
