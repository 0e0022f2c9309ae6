// Starts the widgets of Wagtail's forms that upstream starts by inline scripts, which our policy does not run.
// Named one by one, so that no markup can have any other function called.
const KNOWN = /^(?:(?:init|create)?[A-Za-z]*Chooser|InlinePanel|MultipleChooserPanel)$/;

class StartWidget extends window.StimulusModule.Controller {
  static values = { name: String, arguments: Array };

  connect() {
    const { nameValue: name, argumentsValue: args } = this;
    // Once only: moving a form up or down would connect it again.
    this.element.remove();
    if (!KNOWN.test(name)) return;
    if (/^(?:init|create)/.test(name)) window[name](...args);
    else new window[name](...args);
  }
}

window.wagtail.app.register("start-widget", StartWidget);
