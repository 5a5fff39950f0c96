/** What a data set is to teach: a goal's rules for the answers, and how far the rows meet them. */
package dev.graft.goal;
