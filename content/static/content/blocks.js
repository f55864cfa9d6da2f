/* Two blocks of ours in Wagtail's editor: a list of products into which several go at once, and a body that keeps blocks
   of kinds that no longer exist without offering them. */
(() => {
  const { ListBlock, ListBlockDefinition, StreamBlockDefinition } = window.wagtailStreamField.blocks;

  class ProductList extends ListBlock {
    constructor(...args) {
      super(...args);
      const button = document.createElement("button");
      button.type = "button";
      button.className = "button button-small button-secondary";
      button.textContent = this.blockDef.meta.chooseSeveral;
      button.addEventListener("click", () => {
        this.blockDef.childBlockDef.widget.openModal((chosen) => this.addAll(chosen), { multiple: true });
      });
      this.container[0].append(button);
    }

    /** Fill the places that are empty, then add at the end, up to as many as the list may hold. */
    addAll(chosen) {
      const empty = this.children.filter((child) => !child.getState().value);
      const most = this.blockDef.meta.maxNum ?? Infinity;
      for (const item of chosen) {
        const place = empty.shift();
        if (place) place.setState({ value: item });
        else if (this.children.length < most) this.insert(item, this.children.length, { animate: true });
      }
    }
  }

  class ProductListDefinition extends ListBlockDefinition {
    render(placeholder, prefix, initialState, initialError) {
      return new ProductList(this, placeholder, prefix, initialState, initialError);
    }
  }

  class KeepingStreamDefinition extends StreamBlockDefinition {
    constructor(name, groups, initialStates, meta) {
      super(name, groups, initialStates, meta);
      /* The blocks by name, which draw what is there, are made of all groups; the menu is made of these. */
      this.groupedChildBlockDefs = groups
        .map(([label, blocks]) => [label, blocks.filter((block) => block.name !== meta.keptBlock)])
        .filter(([, blocks]) => blocks.length > 0);
    }
  }

  window.telepath.register("content.blocks.ProductList", ProductListDefinition);
  window.telepath.register("content.blocks.KeepingStream", KeepingStreamDefinition);
})();
