/** Data sets divided into parts and put together from parts. */
package dev.graft.data.arrange;
