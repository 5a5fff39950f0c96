/** Adapts pre-trained language models: blocks, adapters, data, training, evaluation. */
@org.jspecify.annotations.NullMarked
module dev.graft {
  requires transitive org.jspecify;
  requires org.bytedeco.pytorch;
  requires org.bytedeco.javacpp;
  requires ai.djl.tokenizers;
  requires tools.jackson.databind;
  requires tools.jackson.dataformat.yaml;
  requires java.net.http;

  exports dev.graft;
  exports dev.graft.engine;
  exports dev.graft.io;
  exports dev.graft.text;
  exports dev.graft.text.template;
}
