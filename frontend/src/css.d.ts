declare module "*.css" {
  /** In the widget a style sheet is its minified text; the desk's bundle takes it out into a file. */
  const text: string;
  export default text;
}
