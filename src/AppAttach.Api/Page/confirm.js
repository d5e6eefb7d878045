const dialog = document.getElementById('confirm');
const yes = document.getElementById('confirm-yes');
const error = document.getElementById('confirm-error');

/** Says what will happen, and does it if the user wants it; a refusal stays on the screen with its reason. */
export function confirm(title, text, verb, act) {
  document.getElementById('confirm-title').textContent = title;
  document.getElementById('confirm-text').textContent = text;
  error.textContent = '';
  yes.textContent = verb;
  yes.disabled = false;
  yes.onclick = async event => {
    event.preventDefault();
    yes.disabled = true;
    try {
      await act();
      dialog.close();
    } catch (problem) {
      error.textContent = `${problem.code ? `${problem.code}: ` : ''}${problem.message}`;
      yes.disabled = false;
    }
  };
  dialog.showModal();
}
