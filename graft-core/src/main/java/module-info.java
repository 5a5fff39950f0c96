/** Adapts pre-trained language models: blocks, adapters, data, training, evaluation. */
@org.jspecify.annotations.NullMarked
module dev.graft {
  requires transitive org.jspecify;
  requires org.bytedeco.pytorch;
  requires org.bytedeco.javacpp;
  requires org.bytedeco.openblas;
  requires ai.djl.tokenizers;
  requires tools.jackson.databind;
  requires org.snakeyaml.engine;
  requires com.networknt.schema;
  requires re2j;
  requires com.github.luben.zstd_jni;
  requires java.sql;
  requires java.net.http;
  requires jdk.management;
  requires static jdk.incubator.vector;

  exports dev.graft.adapter;
  exports dev.graft.compare;
  exports dev.graft.demo;
  exports dev.graft.config;
  exports dev.graft.data.language;
  exports dev.graft.data.view;
  exports dev.graft.data;
  exports dev.graft.data.check;
  exports dev.graft.data.arrange;
  exports dev.graft.data.documents;
  exports dev.graft.data.duplicates;
  exports dev.graft.engine;
  exports dev.graft.evaluate;
  exports dev.graft.format;
  exports dev.graft.generate;
  exports dev.graft.goal;
  exports dev.graft.hub;
  exports dev.graft.io;
  exports dev.graft.ledger;
  exports dev.graft.model;
  exports dev.graft.plan;
  exports dev.graft.report;
  exports dev.graft.text.bpe;
  exports dev.graft.text.template;
  exports dev.graft.text;
  exports dev.graft.train.log;
  exports dev.graft.train;
  exports dev.graft;
}
