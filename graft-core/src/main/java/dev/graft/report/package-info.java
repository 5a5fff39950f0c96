/** TEMPORARY. */
package dev.graft.report;
