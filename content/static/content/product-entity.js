/* A product named inside running text, in Wagtail's editor. Stored as <a linktype="product" id="…">words</a>. */
(() => {
  const { createElement } = window.React;
  const { EditorState, Modifier, RichUtils } = window.DraftJS;

  const ICON = createElement(window.wagtail.components.Icon, { name: "tag" });

  class ProductSource extends window.draftail.ModalWorkflowSource {
    constructor(props) {
      super(props);
      this.onProduct = this.onProduct.bind(this);
    }

    getChooserConfig() {
      return {
        url: this.props.entityType.chooserUrls.productChooser,
        urlParams: {},
        onload: window.CHOOSER_MODAL_ONLOAD_HANDLERS,
        responses: { chosen: this.onProduct },
      };
    }

    filterEntityData(data) {
      return { id: data.id, title: data.title };
    }

    /* Wagtail's own would make an entity whose words cannot be changed afterwards. */
    onProduct(data) {
      const { editorState, onComplete } = this.props;
      const selection = editorState.getSelection();
      const content = editorState.getCurrentContent().createEntity("PRODUCT", "MUTABLE", this.filterEntityData(data));
      const key = content.getLastCreatedEntityKey();
      let next;
      if (selection.isCollapsed()) {
        const named = Modifier.replaceText(content, selection, data.name || data.title, null, key);
        next = EditorState.push(editorState, named, "insert-characters");
      } else {
        next = RichUtils.toggleLink(editorState, selection, key);
      }
      this.workflow.close();
      onComplete(next);
    }
  }

  const Product = (props) => {
    const { title } = props.contentState.getEntity(props.entityKey).getData();
    return createElement(window.draftail.TooltipEntity, { ...props, icon: ICON, label: title || "" }, props.children);
  };

  window.draftail.registerPlugin({ type: "PRODUCT", source: ProductSource, decorator: Product }, "entityTypes");
})();
